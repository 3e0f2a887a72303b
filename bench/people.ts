export const SURNAMES = Array.from('张王李赵陈刘杨黄吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史陶贺毛郝顾龚邵万');
export const GIVEN = Array.from('伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文小宇浩然子涵欣怡梓轩雨泽佳琪思远嘉俊晨诗博雅天昊一诺');
export const LATIN_SUR = ['zhang', 'wang', 'li', 'smith', 'johnson', 'brown', 'garcia', 'miller', 'davis', 'chen', 'liu', 'yang', 'nguyen', 'kim', 'patel', 'khan'];
export const LATIN_GIVEN = ['wei', 'anna', 'john', 'maria', 'peter', 'lucy', 'ming', 'omar', 'sofia', 'james', 'hua', 'laura', 'david', 'emma', 'jun', 'elena'];

/** The same draws each time, whole numbers from 0: a generator after Marsaglia (xorshift32). */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
