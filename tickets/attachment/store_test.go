package attachment_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/open12345/hotline/tickets/attachment"
)

func open(t *testing.T) (*attachment.Store, string) {
	t.Helper()
	dir := t.TempDir()
	s, err := attachment.Open(t.Context(), "file://"+filepath.ToSlash(dir))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s, dir
}

func TestAFileIsHashedAsItIsStored(t *testing.T) {
	s, _ := open(t)
	content := strings.Repeat("照片𠮷", 100_000)
	stored, err := s.Write(t.Context(), "files/2026/11/a", "说明.txt", strings.NewReader(content), 10<<20)
	require.NoError(t, err)
	sum := sha256.Sum256([]byte(content))
	require.Equal(t, attachment.Stored{Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:]), Type: "text/plain"}, stored)
	body, err := s.Read(t.Context(), "files/2026/11/a", 6)
	require.NoError(t, err)
	back, err := io.ReadAll(body)
	require.NoError(t, err)
	require.NoError(t, body.Close())
	require.Equal(t, content[6:], string(back))
}

func TestNothingIsKeptOfAFileThatIsTooLarge(t *testing.T) {
	s, dir := open(t)
	_, err := s.Write(t.Context(), "files/a", "a.bin", bytes.NewReader(make([]byte, 1<<20+1)), 1<<20)
	require.ErrorIs(t, err, attachment.ErrTooLarge)
	_, err = s.Write(t.Context(), "files/b", "b.bin", bytes.NewReader(make([]byte, 1<<20)), 1<<20)
	require.NoError(t, err, "the limit itself is allowed")
	_, err = s.Read(t.Context(), "files/a", 0)
	require.ErrorIs(t, err, attachment.ErrNotFound)
	left, err := os.ReadDir(filepath.Join(dir, "files"))
	require.NoError(t, err)
	require.Len(t, left, 1, "no half file lies about")
	_, err = s.Write(t.Context(), "files/c", "c.txt", strings.NewReader(""), 1<<20)
	require.ErrorIs(t, err, attachment.ErrEmpty)
	require.NoError(t, s.Delete(t.Context(), "files/b"))
	require.NoError(t, s.Delete(t.Context(), "files/b"), "twice does no harm")
}

func TestTheContentTellsTheType(t *testing.T) {
	for name, tc := range map[string]struct {
		head string
		want string
	}{
		"photo.png":   {"\x89PNG\r\n\x1a\n0000", "image/png"},
		"photo.jpg":   {"\xff\xd8\xff\xe0", "image/jpeg"},
		"evil.png":    {"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/svg+xml"},
		"evil.jpg":    {"  \n<!DOCTYPE html><html><script>alert(1)</script>", "text/html"},
		"evil.txt":    {"hello <script>alert(1)</script>", "text/html"},
		"evil.svg":    {"<?xml version=\"1.0\"?><!-- long --><svg onload=\"alert(1)\"/>", "image/svg+xml"},
		"report.pdf":  {"%PDF-1.7", "application/pdf"},
		"reply.docx":  {"PK\x03\x04....", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		"page.docx":   {"<html>", "text/html"},
		"archive.zip": {"PK\x03\x04....", "application/zip"},
		"old.doc":     {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"},
		"note.txt":    {"您好", "text/plain"},
		"unknown":     {"\x00\x01\x02\x03", "application/octet-stream"},
	} {
		require.Equal(t, tc.want, attachment.TypeOf([]byte(tc.head), name), name)
	}
	require.True(t, attachment.Inline("image/png"))
	for _, kind := range []string{"image/svg+xml", "text/html", "application/pdf", "text/plain"} {
		require.False(t, attachment.Inline(kind), kind)
	}
}
