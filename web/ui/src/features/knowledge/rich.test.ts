import { describe, expect, it } from 'vitest';
import { blocksOf, spansOf } from './rich';

describe('a plain rich text', () => {
  it('has headings, lists and paragraphs', () => {
    expect(blocksOf('## 条件\n- 本人\n- 带证件\n\n先预约\n再办理\n1. 一\n2. 二')).toEqual([
      { kind: 'heading', spans: [{ text: '条件' }] },
      { kind: 'list', ordered: false, items: [[{ text: '本人' }], [{ text: '带证件' }]] },
      { kind: 'paragraph', lines: [[{ text: '先预约' }], [{ text: '再办理' }]] },
      { kind: 'list', ordered: true, items: [[{ text: '一' }], [{ text: '二' }]] },
    ]);
  });

  it('knows strong words and links of the web alone', () => {
    expect(spansOf('带**身份证**见[官网](https://a.cn/b)')).toEqual([
      { text: '带' },
      { text: '身份证', strong: true },
      { text: '见' },
      { text: '官网', href: 'https://a.cn/b' },
    ]);
    expect(spansOf('[点我](javascript:alert(1))')).toEqual([{ text: '[点我](javascript:alert(1))' }]);
  });

  it('leaves HTML as text', () => {
    expect(blocksOf('<script>alert(1)</script>')).toEqual([
      { kind: 'paragraph', lines: [[{ text: '<script>alert(1)</script>' }]] },
    ]);
  });
});
