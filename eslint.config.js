import js from '@eslint/js';
import tseslint from 'typescript-eslint';

// Rooms where a clock, a random draw, a timer or an await would break determinism (docs/decisions/0001-pure-rooms.md).
const pure = [
  'src/sip/stack/transaction/*.ts', 'src/sip/stack/dialog/*.ts', 'src/acd/engine/*.ts', 'src/ivr/machine/*.ts', 'src/audio/*.ts', 'src/calls/machine/*.ts', 'src/nlu/**/*.ts',
];

export default tseslint.config(
  { ignores: ['dist/**', 'client/dist/**', 'client/src/{openapi,catalogue}.ts', 'dist-bench/**', 'node_modules/**', 'data/**', 'coverage/**'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['eslint.config.js', '.dependency-cruiser.cjs', 'bin/*.js', 'scripts/*.mjs', 'web/*/*.js'], maximumDefaultProjectFileMatchCount_THIS_WILL_SLOW_DOWN_LINTING: 40 }, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      '@typescript-eslint/no-non-null-assertion': 'error',
      'no-restricted-syntax': ['error', { selector: 'ExportNamedDeclaration > VariableDeclaration[kind="let"]', message: 'no exported let' }, { selector: 'ExportDefaultDeclaration', message: 'no default exports' }],
      'no-control-regex': 'off',
      'max-lines': ['error', { max: 400 }],
    },
  },
  {
    files: pure,
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'performance'],
      'no-restricted-properties': ['error', { object: 'Date', property: 'now' }, { object: 'Math', property: 'random' }],
      'no-restricted-imports': ['error', { patterns: ['node:*'] }],
      'no-restricted-syntax': ['error', { selector: 'AwaitExpression', message: 'a pure room does not wait' }, { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'time is an argument' }, { selector: 'ExportNamedDeclaration > VariableDeclaration[kind="let"]', message: 'no exported let' }, { selector: 'ExportDefaultDeclaration', message: 'no default exports' }],
    },
  },
  {
    files: ['src/audio/**/*.test.ts', '**/*.test.ts', '{test,client/test}/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      'max-lines': 'off',
    },
  },
  // Vitest reads its configuration from a default export.
  { files: ['vitest.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['**/*.js', '**/*.mjs', '**/*.cjs'], ...tseslint.configs.disableTypeChecked, languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', require: 'readonly', module: 'readonly' } }, rules: { ...tseslint.configs.disableTypeChecked.rules, 'no-restricted-syntax': 'off', '@typescript-eslint/no-require-imports': 'off' } },
  // Plain scripts of browsers: nothing compiles them.
  { files: ['web/**/*.js'], rules: { 'no-undef': 'off' } },
);
