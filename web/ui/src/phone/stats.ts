import { bars, type Media, type Quality } from './state';

interface Sample {
  packets: number;
  lost: number;
}

/** Reads a peer connection's statistics: what arrives, and how well. */
export class StatsReader {
  private last: Sample = { packets: 0, lost: 0 };

  async read(pc: RTCPeerConnection): Promise<{ media: Media; quality: Quality | null }> {
    let packets = 0;
    let lost = 0;
    let jitter = 0;
    let level = 0;
    let rtt = 0;
    for (const r of (await pc.getStats()).values()) {
      if (r.type === 'inbound-rtp' && r.kind === 'audio') {
        packets += r.packetsReceived ?? 0;
        lost += r.packetsLost ?? 0;
        jitter = Math.max(jitter, r.jitter ?? 0);
        level = Math.max(level, r.audioLevel ?? 0);
      }
      if (r.type === 'remote-inbound-rtp' && r.roundTripTime) rtt = r.roundTripTime;
      if (r.type === 'candidate-pair' && r.nominated && !rtt) rtt = r.currentRoundTripTime ?? 0;
    }
    const got = packets - this.last.packets;
    const gone = Math.max(0, lost - this.last.lost);
    this.last = { packets, lost };
    if (got <= 0) return { media: 'none', quality: null };
    const lossPct = (100 * gone) / (got + gone);
    const jitterMs = jitter * 1000;
    const rttMs = rtt * 1000;
    return {
      media: level > 0.01 ? 'audio' : 'silence',
      quality: { lossPct, jitterMs, rttMs, bars: bars(lossPct, jitterMs, rttMs) },
    };
  }
}
