package postgres_test

import (
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"os"
	"regexp"
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

func TestOldStepsKeepTheDigestThatTheirChainWasMadeOver(t *testing.T) {
	b := setup(t)
	k := b.ticket("夜间施工噪音")
	// As the schema before kept it: the whole form, of which the chain holds the digest.
	b.sql(`ALTER TABLE ticket_flow ADD COLUMN form text NOT NULL DEFAULT '{"title":"夜间施工噪音"}'`)
	up, err := os.ReadFile("migrations/00002_life.sql")
	require.NoError(t, err)
	statement := regexp.MustCompile(`UPDATE ticket_flow SET snapshot = .*;`).FindString(string(up))
	require.NotEmpty(t, statement)
	b.sql(`UPDATE ticket_flow SET snapshot = form WHERE ticket = $1`, k.ID)
	b.sql(statement)
	sum := sha256.Sum256([]byte(`{"title":"夜间施工噪音"}`))
	require.Equal(t, []string{hex.EncodeToString(sum[:])}, b.texts(`SELECT DISTINCT snapshot FROM ticket_flow`))
}
