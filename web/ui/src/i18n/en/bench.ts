/** English of the hotline's workbenches. */
export const bench: Record<string, string> = {
  工作台: 'Workbench',
  下一条: 'Next',
  上一条: 'Previous',
  '下一件（领取最急）': 'Next one (take the most urgent)',
  '领取 / 释放': 'Take / give back',
  选承办单位: 'Choose a unit',
  '同意 / 通过': 'Grant / pass',
  '不同意 / 退回': 'Deny / return',
  撤销派单: 'Undo the dispatch',
  拨打: 'Call',
  '非常满意 / 是 / 已解决': 'Very satisfied / yes / solved',
  '满意 / 否 / 未表态': 'Satisfied / no / no opinion',
};
