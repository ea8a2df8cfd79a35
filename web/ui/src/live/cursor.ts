/** Order of floor event ids `<epoch>-<seq>`: negative when a is older than b. */
export function compareIds(a: string, b: string): number {
  const [ae = 0, as = 0] = a.split('-').map(Number);
  const [be = 0, bs = 0] = b.split('-').map(Number);
  return ae - be || as - bs;
}
