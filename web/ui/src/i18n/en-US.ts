export const enUS: Record<string, string> = {};
