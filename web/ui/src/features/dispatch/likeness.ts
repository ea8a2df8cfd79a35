import type { Ticket } from '@/api/contract';

const phoneOf = (x: Ticket) => x.caller.phone || x.caller.phone_masked || x.caller.number_masked || '';

/** In what two tickets are alike, in the words shown beside one of them. */
export function likeness(a: Ticket, b: Ticket): string[] {
  const words: string[] = [];
  const phone = phoneOf(a);
  if (phone && !a.caller.hidden && !b.caller.hidden && phone === phoneOf(b)) words.push('同一号码');
  const area = (x: Ticket) => (x.place?.area ?? []).join('/');
  if (a.place?.address?.trim() && a.place.address.trim() === b.place?.address?.trim()) words.push('同一地点');
  else if (area(a) && area(a) === area(b)) words.push('同一辖区');
  if (a.class_id && a.class_id === b.class_id) words.push('同一分类');
  return words.length ? words : ['文字相近'];
}
