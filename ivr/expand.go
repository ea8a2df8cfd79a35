package ivr

import (
	"github.com/open12345/hotline/ivr/english"
	"github.com/open12345/hotline/ivr/mandarin"
)

// PausePrompt is the short silence between groups of digits.
const PausePrompt = "pause.short"

// WordPrompt is the id of the line that says one word of a spoken value.
func WordPrompt(word string) string { return "word." + word }

// Words are the words of spoken values by language: what has to be recorded or
// synthesised beside the lines of the manifest. Other languages' values are spoken in
// Mandarin.
func Words() map[string][]string {
	return map[string][]string{"zh": mandarin.Words(), "en": english.Words()}
}

// Expand turns a prompt into lines that have recordings: a line into itself, a spoken
// value into the words of its language.
func Expand(p Prompt) []Prompt {
	if p.Value == nil {
		return []Prompt{p}
	}
	language := p.Language
	if language != "en" {
		language = "zh"
	}
	var out []Prompt
	for i, words := range wordsOf(*p.Value, language == "en") {
		if i > 0 {
			out = append(out, Prompt{ID: PausePrompt, Language: language})
		}
		for _, word := range words {
			out = append(out, Prompt{ID: WordPrompt(word), Language: language})
		}
	}
	return out
}

// wordsOf says a value in groups with a pause between them.
func wordsOf(v Value, inEnglish bool) [][]string {
	switch v.Kind {
	case ValueDigits, ValueTicket, ValuePhone:
		read := mandarin.OneByOne
		if inEnglish {
			read = english.OneByOne
		}
		var out [][]string
		for _, group := range digitGroups(v) {
			out = append(out, read(group))
		}
		return out
	}
	if inEnglish {
		return [][]string{englishWords(v)}
	}
	return [][]string{mandarinWords(v)}
}

func mandarinWords(v Value) []string {
	switch v.Kind {
	case ValueNumber:
		return mandarin.Number(v.Number)
	case ValueCount:
		return mandarin.Count(v.Number)
	case ValueDate:
		return mandarin.Date(v.Time.Month(), v.Time.Day())
	case ValueDateYear:
		return append(mandarin.Year(v.Time.Year()), mandarin.Date(v.Time.Month(), v.Time.Day())...)
	case ValueDuration:
		return mandarin.Duration(v.Duration)
	case ValueMoney:
		return mandarin.Money(v.Number)
	default:
		return nil
	}
}

func englishWords(v Value) []string {
	switch v.Kind {
	case ValueNumber, ValueCount:
		return english.Number(v.Number)
	case ValueDate:
		return english.Date(v.Time.Month(), v.Time.Day())
	case ValueDateYear:
		return append(english.Date(v.Time.Month(), v.Time.Day()), english.Year(v.Time.Year())...)
	case ValueDuration:
		return english.Duration(v.Duration)
	case ValueMoney:
		return english.Money(v.Number)
	default:
		return nil
	}
}

// digitGroups cuts digits as people say them: a ticket number by fours, a mobile number
// 3-4-4, any other in one piece.
func digitGroups(v Value) []string {
	var sizes []int
	switch {
	case v.Kind == ValueTicket && len(v.Text) > 4:
		for range (len(v.Text) - 1) / 4 {
			sizes = append(sizes, 4)
		}
	case v.Kind == ValuePhone && len(v.Text) == 11:
		sizes = []int{3, 4}
	}
	var out []string
	rest := v.Text
	for _, size := range sizes {
		out = append(out, rest[:size])
		rest = rest[size:]
	}
	return append(out, rest)
}
