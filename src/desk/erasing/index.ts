export { createErasing, noteErasures, type Erasable, type Erasing, type ErasingOptions } from './erasing.js';
export { createMarks, MARK_COLUMNS, toMarks, type ErasedWhy, type Mark, type MarkColumns, type Marked, type Marks, type MarkView } from './marks.js';
