package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets/service"
)

// file is a row of ticket_file, and the form its digest is made of.
type file struct {
	ID      string    `json:"id"`
	Leg     int       `json:"leg"`
	Unit    string    `json:"unit"`
	Name    string    `json:"name"`
	Type    string    `json:"type"`
	Size    int64     `json:"size"`
	SHA256  string    `json:"sha256"`
	BlobKey string    `json:"blob_key"`
	By      string    `json:"by"`
	ByName  string    `json:"by_name"`
	At      time.Time `json:"at"`
	Public  bool      `json:"public"`
}

const filesOfTicket = `(SELECT json_agg(to_jsonb(f) - 'ticket' ORDER BY f.at, f.id) FROM ticket_file f WHERE f.ticket = t.id)`

const insertFile = `INSERT INTO ticket_file (id, leg, unit, name, type, size, sha256, blob_key, by, by_name, at, public, ticket)
	VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`

// SaveFile keeps an attachment and seals its ticket anew; the ticket's version stays, since
// what people read of it and type into it does.
func (s *Store) SaveFile(ctx context.Context, r service.FileRecord) error {
	f := file{
		ID: r.ID, Leg: r.Leg, Unit: r.Unit, Name: r.Name, Type: r.Type, Size: r.Size, SHA256: r.SHA256, BlobKey: r.Key, By: r.By,
		ByName: r.ByName, At: r.At.UTC().Truncate(time.Microsecond), Public: r.Public,
	}
	ticket, err := ticketID(ctx, s.pool, r.Ticket)
	if err != nil {
		return fmt.Errorf("save file: %w", err)
	}
	err = s.writeTx(ctx, []string{ticket}, func(w writer) error {
		row, err := w.read(ctx, ticket)
		if err != nil {
			return err
		}
		row.files = append(row.files, f)
		parts, err := partsOf(&row.ticket, row.files)
		if err != nil {
			return err
		}
		form, err := canonicalOf(row.ticket, row.sealed, parts.digests)
		if err != nil {
			return err
		}
		batch := &pgx.Batch{}
		batch.Queue(insertFile, f.ID, f.Leg, f.Unit, f.Name, f.Type, f.Size, f.SHA256, f.BlobKey, f.By, f.ByName, f.At, f.Public, ticket)
		batch.Queue(`UPDATE ticket SET parts = $2, seal = $3 WHERE id = $1`, ticket, marksOf(parts.digests), s.rowSeal(row, form))
		return w.tx.SendBatch(ctx, batch).Close()
	})
	if err != nil {
		return fmt.Errorf("save file: %w", mapError(err))
	}
	return nil
}

const fileColumns = `id::text, ticket::text, leg, unit, name, type, size, sha256, blob_key, by, by_name, at, public`

func scanFile(row pgx.CollectableRow) (service.FileRecord, error) {
	var f service.FileRecord
	err := row.Scan(&f.ID, &f.Ticket, &f.Leg, &f.Unit, &f.Name, &f.Type, &f.Size, &f.SHA256, &f.Key, &f.By, &f.ByName, &f.At, &f.Public)
	f.At = f.At.UTC()
	return f, err
}

// File is an attachment by its id.
func (s *Store) File(ctx context.Context, id string) (service.FileRecord, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+fileColumns+` FROM ticket_file WHERE id = $1`, id)
	if err != nil {
		return service.FileRecord{}, mapError(err)
	}
	f, err := pgx.CollectExactlyOneRow(rows, scanFile)
	return f, mapError(err)
}

// FilesOf lists the attachments of a ticket, oldest first.
func (s *Store) FilesOf(ctx context.Context, ticket string) ([]service.FileRecord, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+fileColumns+` FROM ticket_file WHERE ticket = $1 ORDER BY at, id`, ticket)
	if err != nil {
		return nil, mapError(err)
	}
	list, err := pgx.CollectRows(rows, scanFile)
	return list, mapError(err)
}

// LinkFiles links uploaded files of the ticket to a leg, when the ticket is saved.
func (w writer) LinkFiles(_ context.Context, ticket string, ids []string, leg int) error {
	for _, id := range ids {
		w.pending.files[ticket] = append(w.pending.files[ticket], fileLink{id, leg})
	}
	return nil
}

// fileLink is a file to be linked to a leg.
type fileLink struct {
	id  string
	leg int
}

// link sets the legs of the row's files; service.ErrNotFound when one is not the ticket's.
func (r *ticketRow) link(links []fileLink) error {
	for _, l := range links {
		found := false
		for i := range r.files {
			if r.files[i].ID == l.id {
				r.files[i].Leg, found = l.leg, true
			}
		}
		if !found {
			return fmt.Errorf("file %s: %w", l.id, service.ErrNotFound)
		}
	}
	return nil
}
