import { PauseOutlined, PlayCircleFilled } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Segmented, Spin } from 'antd';
import { useEffect, useRef, useState } from 'react';
import WaveSurfer from 'wavesurfer.js';
import type { Peaks, RecordingRef } from '@/api/contract';
import { get } from '@/api/http';
import { duration } from '@/components/format';
import { useT } from '@/i18n';
import { label, recordingFlaws } from '@/labels';
import './player.css';

/** Below this a side is silence, and is drawn as such. */
const quiet = 0.02;

/** A side of a recording drawn as high as its box, whatever its loudness. */
export function toFullHeight(peaks: number[]): number[] {
  const loudest = peaks.reduce((max, p) => Math.max(max, Math.abs(p)), quiet);
  return peaks.map((p) => p / loudest);
}

/** One recording: waveform of each side, seek, speed. Left is the citizen, right the seat. */
export default function Player({ recording: r, compact }: { recording: RecordingRef; compact?: boolean }) {
  const t = useT();
  if (r.status !== 'sealed') {
    return (
      <div className="player muted small" data-recording={r.id} data-status={r.status}>
        {r.status === 'pending' ? (
          <span className="row">
            <Spin size="small" /> {t('录音正在封存，几秒后可播放')}
          </span>
        ) : (
          t('录音未能封存，已报警')
        )}
      </div>
    );
  }
  if (!r.audio_url || !r.peaks_url) {
    return (
      <div className="player muted small" data-recording={r.id} data-status="withheld">
        {t('录音 {{time}}，您没有收听权限', { time: duration(r.duration_s) })}
      </div>
    );
  }
  return <Sealed r={r} audio={r.audio_url} peaksUrl={r.peaks_url} compact={compact} />;
}

function Sealed({
  r,
  audio: audioUrl,
  peaksUrl,
  compact,
}: {
  r: RecordingRef;
  audio: string;
  peaksUrl: string;
  compact?: boolean;
}) {
  const t = useT();
  const box = useRef<HTMLDivElement>(null);
  const wave = useRef<WaveSurfer | null>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [speed, setSpeed] = useState(1);
  const [failed, setFailed] = useState(false);
  const peaks = useQuery({
    queryKey: ['peaks', r.id],
    queryFn: () => get<Peaks>(peaksUrl.replace(/^\/api\/v1/, '')),
    staleTime: Number.POSITIVE_INFINITY,
    retry: 1,
  });
  const stereo = r.channels === 2;
  useEffect(() => {
    if (!box.current || peaks.isPending) return;
    const audio = new Audio();
    audio.preload = 'none';
    audio.src = audioUrl;
    const css = getComputedStyle(document.documentElement);
    const text = css.getPropertyValue('--text-3').trim();
    const primary = css.getPropertyValue('--primary').trim();
    const side = { height: compact ? 22 : 44, waveColor: text, progressColor: primary };
    const ws = WaveSurfer.create({
      container: box.current,
      media: audio,
      peaks:
        peaks.data && (stereo ? [peaks.data.left, peaks.data.right] : [peaks.data.left]).map(toFullHeight),
      duration: peaks.data?.duration_s ?? r.duration_s,
      barWidth: 2,
      barGap: 1,
      cursorColor: primary,
      ...side,
      ...(stereo ? { splitChannels: [side, side] } : {}),
    });
    wave.current = ws;
    ws.on('play', () => setPlaying(true));
    ws.on('pause', () => setPlaying(false));
    ws.on('finish', () => setPlaying(false));
    ws.on('timeupdate', (s) => setAt(s));
    audio.addEventListener('error', () => setFailed(true));
    return () => {
      wave.current = null;
      ws.destroy();
      audio.pause();
      audio.removeAttribute('src');
    };
  }, [peaks.isPending, peaks.data, audioUrl, r.duration_s, stereo, compact]);
  return (
    <div
      className={`player ${compact ? 'compact' : ''}`}
      data-recording={r.id}
      data-status="sealed"
      data-playing={playing}
    >
      <div className="player-wave">
        {stereo && (
          <div className="player-sides">
            <span>{t('市民')}</span>
            <span>{t('坐席')}</span>
          </div>
        )}
        <div ref={box} className="grow" />
      </div>
      <div className="row wrap small">
        <Button
          size="small"
          type="primary"
          icon={playing ? <PauseOutlined /> : <PlayCircleFilled />}
          onClick={() => void wave.current?.playPause()}
          data-act="play"
        >
          {playing ? t('暂停') : t('播放')}
        </Button>
        <span className="num">
          {duration(at)} / {duration(r.duration_s)}
        </span>
        <Segmented
          size="small"
          value={speed}
          options={[0.75, 1, 1.5, 2].map((v) => ({ value: v, label: `${v}×` }))}
          onChange={(v) => {
            setSpeed(v);
            wave.current?.setPlaybackRate(v);
          }}
        />
        {r.flaws?.map((f) => (
          <span key={f} className="tag">
            {t(label(recordingFlaws, f))}
          </span>
        ))}
        {failed && <b role="alert">{t('录音播放失败，请稍后再试')}</b>}
      </div>
    </div>
  );
}
