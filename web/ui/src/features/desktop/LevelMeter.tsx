/** A level (0–1) as a row of bars. */
export function LevelMeter({ level, wide }: { level: number; wide?: boolean }) {
  const bars = wide ? 24 : 8;
  const lit = Math.round(level * bars);
  return (
    <span className={`level ${wide ? 'level-wide' : ''}`} aria-hidden="true">
      {Array.from({ length: bars }, (_, i) => (
        <i key={i} className={i < lit ? 'on' : ''} />
      ))}
    </span>
  );
}
