// Package privacy keeps what identifies a citizen unreadable at rest: authenticated encryption
// with the key's id in each value, blind indexes to search by number without decrypting, masks
// for the screen, and chains (HMAC) that show what was changed behind the program's back.
//
// The keys live in one file outside the database, made at first start. Losing the file loses
// every name and number; it belongs into the backup, apart from the database's.
package privacy
