package cluster_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/asterisk/child"
	"github.com/open12345/hotline/tickets/postgres/cluster"
)

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	first, second := cluster.ForTest(t), cluster.ForTest(t)
	require.NotEqual(t, first, second)
	_, err := connect(t, first).Exec(t.Context(), "CREATE TABLE here (x int)")
	require.NoError(t, err)
	_, err = connect(t, second).Exec(t.Context(), "SELECT x FROM here")
	require.ErrorContains(t, err, "does not exist")
}

func TestDatabaseIsUTF8WithAUniversalCollation(t *testing.T) {
	conn := connect(t, cluster.ForTest(t))
	var encoding, collation string
	require.NoError(t, conn.QueryRow(t.Context(), `SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE datname = current_database()`).Scan(&encoding, &collation))
	require.Equal(t, "UTF8", encoding)
	require.Equal(t, "C.UTF-8", collation)
	var upper string
	require.NoError(t, conn.QueryRow(t.Context(), `SELECT upper('é工单')`).Scan(&upper))
	require.Equal(t, "É工单", upper)
}

func TestPreparedDatabaseIsPreparedOnceAndCopied(t *testing.T) {
	prepared := 0
	prepare := func(ctx context.Context, url string) error {
		prepared++
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close(ctx) }()
		_, err = conn.Exec(ctx, "CREATE TABLE seeded AS SELECT 7 AS x")
		return err
	}
	for range 3 {
		var x int
		require.NoError(t, connect(t, cluster.ForTestFrom(t, "seeded", prepare)).QueryRow(t.Context(), "SELECT x FROM seeded").Scan(&x))
		require.Equal(t, 7, x)
	}
	require.Equal(t, 1, prepared)
}

func TestDataSurvivesStopAndCrash(t *testing.T) {
	c := cluster.ServerForTest(t)
	write := func(x int) {
		conn, err := pgx.Connect(t.Context(), c.URL())
		require.NoError(t, err)
		_, err = conn.Exec(t.Context(), "CREATE TABLE IF NOT EXISTS kept (x int)")
		require.NoError(t, err)
		_, err = conn.Exec(t.Context(), "INSERT INTO kept VALUES ($1)", x)
		require.NoError(t, err)
		require.NoError(t, conn.Close(t.Context()))
	}
	url := c.URL()
	write(1)
	require.NoError(t, c.Restart(t.Context()))
	require.Equal(t, url, c.URL())
	write(2)
	require.NoError(t, c.Kill())
	require.Zero(t, c.PID())
	require.NoError(t, c.Restart(t.Context()))
	var sum int
	require.NoError(t, connect(t, c.URL()).QueryRow(t.Context(), "SELECT sum(x) FROM kept").Scan(&sum))
	require.Equal(t, 3, sum)
}

func TestPortInUseIsNamed(t *testing.T) {
	c := cluster.ServerForTest(t)
	_, err := cluster.Start(t.Context(), cluster.Config{Dir: filepath.Join(t.TempDir(), "other"), Port: c.Port()})
	var taken *child.PortError
	require.ErrorAs(t, err, &taken)
	require.Equal(t, c.Port(), taken.Port)
}

func TestUnreachableFolderIsTold(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, err := cluster.Start(ctx, cluster.Config{Dir: filepath.Join(file, "below")})
	require.ErrorContains(t, err, file)
}
