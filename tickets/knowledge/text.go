package knowledge

import (
	"regexp"
	"strings"
)

var (
	heading = regexp.MustCompile(`(?m)^#{1,4}\s+`)
	bullet  = regexp.MustCompile(`(?m)^[-*]\s+`)
	bold    = regexp.MustCompile(`\*\*([^*\n]+)\*\*`)
	link    = regexp.MustCompile(`\[([^\]\n]+)\]\((https?://[^)\s]+)\)`)
)

// Plain is the body without its marks, as it goes into an answer to a citizen.
func Plain(body string) string {
	body = heading.ReplaceAllString(body, "")
	body = bullet.ReplaceAllString(body, "· ")
	body = bold.ReplaceAllString(body, "$1")
	body = link.ReplaceAllString(body, "$1（$2）")
	return strings.TrimSpace(body)
}
