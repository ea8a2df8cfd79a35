import type { SeatState } from '@/api/contract';

/** The five status colours. They mark states of seats, calls, queues and alarms, and nothing else. */
export type Status = 'idle' | 'talking' | 'ringing' | 'notready' | 'alarm';

export const statusOfSeat: Record<SeatState, Status> = {
  idle: 'idle',
  ringing: 'ringing',
  talking: 'talking',
  holding: 'talking',
  consult: 'talking',
  three_way: 'talking',
  dialling: 'ringing',
  wrap_up: 'notready',
  not_ready: 'notready',
  rest: 'notready',
  signed_out: 'notready',
  faulty: 'alarm',
};
