package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/open12345/hotline/tickets"
	"github.com/open12345/hotline/tickets/service"
)

const announcementColumns = `n.id, n.version, n.title, n.text, n.audience, n.units, n.roles, n.from_at, n.to_at, n.must_confirm, n.by, n.by_name, n.at,
	n.withdrawn_at, (SELECT count(*) FROM announcement_read r WHERE r.announcement = n.id AND r.version = n.version)`

// SaveAnnouncement writes an announcement and tells the pages.
func (s *Store) SaveAnnouncement(ctx context.Context, a service.Announcement, create bool) error {
	sql := `UPDATE announcement SET version=$2, title=$3, text=$4, audience=$5, units=$6, roles=$7, from_at=$8, to_at=$9, must_confirm=$10, by=$11,
		by_name=$12, at=$13, withdrawn_at=$14 WHERE id=$1`
	if create {
		sql = `INSERT INTO announcement (id, version, title, text, audience, units, roles, from_at, to_at, must_confirm, by, by_name, at, withdrawn_at)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`
	}
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, sql, a.ID, a.Version, a.Title, a.Text, a.Audience, a.Units, a.Roles, a.From, nullTime(a.To), a.MustConfirm, a.By, a.ByName,
			a.At, nullTime(a.WithdrawnAt))
		if err != nil {
			return err
		}
		return tellDesk(ctx, tx, service.Change{Kind: "announcement"})
	})
	if err != nil {
		return fmt.Errorf("save announcement: %w", mapError(err))
	}
	return nil
}

func scanAnnouncement(row pgx.CollectableRow, more ...any) (service.Announcement, error) {
	var a service.Announcement
	var to, withdrawn *time.Time
	var roles []string
	err := row.Scan(append([]any{&a.ID, &a.Version, &a.Title, &a.Text, &a.Audience, &a.Units, &roles, &a.From, &to, &a.MustConfirm, &a.By, &a.ByName,
		&a.At, &withdrawn, &a.Read}, more...)...)
	a.From, a.At, a.To, a.WithdrawnAt = a.From.UTC(), a.At.UTC(), goTime(to), goTime(withdrawn)
	a.Roles = []tickets.Role{}
	for _, r := range roles {
		a.Roles = append(a.Roles, tickets.Role(r))
	}
	return a, err
}

// Announcement by its id.
func (s *Store) Announcement(ctx context.Context, id string) (service.Announcement, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+announcementColumns+` FROM announcement n WHERE n.id = $1::uuid`, id)
	if err != nil {
		return service.Announcement{}, fmt.Errorf("read announcement: %w", mapError(err))
	}
	a, err := pgx.CollectExactlyOneRow(rows, func(row pgx.CollectableRow) (service.Announcement, error) { return scanAnnouncement(row) })
	if err != nil {
		return a, fmt.Errorf("read announcement: %w", mapError(err))
	}
	return a, nil
}

// Announcements lists, newest first.
func (s *Store) Announcements(ctx context.Context, f service.AnnouncementFilter) ([]service.Announcement, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+announcementColumns+`, (SELECT at FROM announcement_read r
			WHERE r.announcement = n.id AND r.version = n.version AND r.account = $1)
		FROM announcement n WHERE $5 OR (n.withdrawn_at IS NULL AND n.from_at <= $4 AND (n.to_at IS NULL OR n.to_at > $4) AND CASE n.audience
			WHEN 'all' THEN true
			WHEN 'hotline' THEN $2 = '' OR EXISTS (SELECT 1 FROM unit u WHERE u.id = $2 AND u.kind = 'hotline')
			WHEN 'units' THEN EXISTS (SELECT 1 FROM unit u WHERE u.id = $2 AND u.kind <> 'hotline')
			ELSE $2 = ANY(n.units) OR n.roles && $3 END)
		ORDER BY n.from_at DESC, n.id DESC LIMIT 200`, f.Account, f.Unit, f.Roles, f.Now, f.All)
	if err != nil {
		return nil, fmt.Errorf("list announcements: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (service.Announcement, error) {
		var read *time.Time
		a, err := scanAnnouncement(row, &read)
		a.ReadAt = goTime(read)
		return a, err
	})
}

// ReadAnnouncement notes that the account read the version; the first time stays.
func (s *Store) ReadAnnouncement(ctx context.Context, id string, version int, account string, at time.Time) error {
	_, err := s.pool.Exec(ctx, `INSERT INTO announcement_read (announcement, version, account, at) VALUES ($1::uuid,$2,$3,$4) ON CONFLICT DO NOTHING`,
		id, version, account, at)
	if err != nil {
		return fmt.Errorf("note a reader: %w", mapError(err))
	}
	return nil
}

// Readers lists who is meant, those who have not read first.
func (s *Store) Readers(ctx context.Context, a service.Announcement) ([]service.Reader, error) {
	rows, err := s.pool.Query(ctx, `SELECT p.name, p.person_name, coalesce(u.name, ''), r.at FROM account p LEFT JOIN unit u ON u.id = p.unit
		LEFT JOIN announcement_read r ON r.announcement = $1::uuid AND r.version = $2 AND r.account = p.name
		WHERE NOT p.disabled AND EXISTS (SELECT 1 FROM role_grant g WHERE g.account = p.name) AND CASE $3::text
			WHEN 'all' THEN true
			WHEN 'hotline' THEN p.unit IS NULL OR u.kind = 'hotline'
			WHEN 'units' THEN u.kind <> 'hotline'
			ELSE p.unit = ANY($4) OR EXISTS (SELECT 1 FROM role_grant g WHERE g.account = p.name AND g.role = ANY($5)) END
		ORDER BY r.at NULLS FIRST, p.name LIMIT 5000`, a.ID, a.Version, a.Audience, a.Units, a.Roles)
	if err != nil {
		return nil, fmt.Errorf("list readers: %w", mapError(err))
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (service.Reader, error) {
		var r service.Reader
		var at *time.Time
		err := row.Scan(&r.Account, &r.Name, &r.Unit, &at)
		r.ReadAt = goTime(at)
		return r, err
	})
}
