package attachment

import (
	"bytes"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
)

// sniffed is how many bytes of a file's beginning tell its type.
const sniffed = 3072

// Office files are archives: which, their name says; content that is no archive is never taken
// for one.
var officeTypes = map[string]string{
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".ofd":  "application/ofd",
	".wps":  "application/vnd.ms-works", ".et": "application/vnd.ms-excel", ".dps": "application/vnd.ms-powerpoint",
	".doc": "application/msword", ".xls": "application/vnd.ms-excel", ".ppt": "application/vnd.ms-powerpoint",
}

// Beginnings of what office files are kept in.
var (
	zipMagic = []byte("PK\x03\x04")
	oleMagic = []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
)

// TypeOf tells the media type by the beginning of the content. A text that holds markup of SVG or
// HTML anywhere in its beginning counts as such, whatever it is called.
func TypeOf(head []byte, name string) string {
	if bytes.HasPrefix(head, zipMagic) || bytes.HasPrefix(head, oleMagic) {
		if kind, ok := officeTypes[strings.ToLower(path.Ext(name))]; ok {
			return kind
		}
	}
	kind, _, err := mime.ParseMediaType(http.DetectContentType(head))
	if err != nil {
		return "application/octet-stream"
	}
	if strings.HasPrefix(kind, "text/") {
		return textType(head, kind)
	}
	return kind
}

func textType(head []byte, kind string) string {
	lower := bytes.ToLower(head)
	switch {
	case bytes.Contains(lower, []byte("<svg")):
		return "image/svg+xml"
	case bytes.Contains(lower, []byte("<html")), bytes.Contains(lower, []byte("<script")), bytes.Contains(lower, []byte("<!doctype html")):
		return "text/html"
	}
	return kind
}

// inline are the types that a browser may show by itself: pictures of points, which hold no
// script.
var inline = []string{"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"}

// Inline tells whether a file of the type may be shown in a page; all others are only saved.
func Inline(kind string) bool { return slices.Contains(inline, kind) }
