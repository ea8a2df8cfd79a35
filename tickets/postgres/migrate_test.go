package postgres_test

import (
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets/postgres"
	"github.com/open12345/hotline/tickets/postgres/cluster"
)

func TestServersThatStartTogetherMigrateOnce(t *testing.T) {
	t.Parallel()
	keys, err := keyRing()
	require.NoError(t, err)
	url := cluster.ForTest(t)
	var wg sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		wg.Go(func() {
			s, err := postgres.Open(t.Context(), url, keys, slog.New(slog.DiscardHandler))
			if err == nil {
				defer s.Close()
				_, err = s.Migrate(t.Context())
			}
			errs[i] = err
		})
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
}

func TestADatabaseThatCannotHoldChineseIsRefused(t *testing.T) {
	t.Parallel()
	keys, err := keyRing()
	require.NoError(t, err)
	url := cluster.ForTest(t)
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), `CREATE DATABASE plain_c TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'`)
	require.NoError(t, err)
	require.NoError(t, conn.Close(t.Context()))
	at := strings.Index(url, "/test_")
	require.Positive(t, at)
	end := at + len("/test_")
	for end < len(url) && url[end] >= '0' && url[end] <= '9' {
		end++
	}
	s, err := postgres.Open(t.Context(), url[:at]+"/plain_c"+url[end:], keys, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	defer s.Close()
	_, err = s.Migrate(t.Context())
	require.ErrorIs(t, err, postgres.ErrLocale)
}
