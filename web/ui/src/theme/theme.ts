import { type ThemeConfig, theme } from 'antd';

const fonts =
  '-apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "Segoe UI", sans-serif';

/** Somebody who wants no motion: dialogs and menus must not wait for an animation that never runs. */
const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** The one Ant Design theme of the console: 政务蓝, neutral greys, dense. */
export function hotlineTheme(dark: boolean): ThemeConfig {
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: dark ? '#3d7bf5' : '#1456d9',
      // The red of Ant Design is too pale to be read on white, and white on it.
      ...(dark ? {} : { colorError: '#c9302c' }),
      colorLink: dark ? '#6ea0ff' : '#1456d9',
      // Ant Design's own greys for these are below a contrast of 4.5.
      colorTextPlaceholder: dark ? '#8d99b0' : '#667089',
      colorTextDescription: dark ? '#a9b4c8' : '#56607a',
      fontFamily: fonts,
      fontSize: 14,
      borderRadius: 4,
      controlHeight: 30,
      wireframe: false,
      motion: !still(),
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.16s',
      ...(dark ? { colorBgContainer: '#161d2b', colorBgElevated: '#1d2637', colorBgLayout: '#0d131f' } : {}),
    },
    components: {
      Table: {
        fontSize: 13,
        cellPaddingBlock: 7,
        cellPaddingInline: 10,
        headerBg: dark ? '#1d2637' : '#f4f6fa',
      },
      // The hover blue of Ant Design is too pale to be read on white.
      Button: {
        defaultHoverColor: dark ? '#6ea0ff' : '#1456d9',
        defaultHoverBorderColor: dark ? '#6ea0ff' : '#1456d9',
      },
      Form: { itemMarginBottom: 10, verticalLabelPadding: 0 },
      Tabs: {
        horizontalMargin: '0',
        cardHeight: 34,
        ...(dark ? { itemSelectedColor: '#6ea0ff', itemHoverColor: '#8fb4ff' } : {}),
      },
      Card: { bodyPadding: 12 },
    },
  };
}
