package directory

import (
	"strings"

	"github.com/mozillazg/go-pinyin"
)

var pinyinArgs = pinyin.NewArgs()

// Initials is the text's pinyin by first letters: 噪音扰民 is zyrm. Letters and digits stay.
func Initials(text string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(text) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		default:
			if syllables := pinyin.SinglePinyin(r, pinyinArgs); len(syllables) > 0 && syllables[0] != "" {
				b.WriteByte(syllables[0][0])
			}
		}
	}
	return b.String()
}
