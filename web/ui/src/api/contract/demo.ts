export interface DemoCitizen {
  id: string;
  name: string;
  number: string;
  note?: string;
}

export interface Demo {
  traffic_per_minute: number;
  clock_offset_days: number;
  citizens: DemoCitizen[];
}
