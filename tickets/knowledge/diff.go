package knowledge

import "strings"

// PieceKind tells what became of a piece of text between two versions.
type PieceKind string

// Kinds of pieces.
const (
	Same    PieceKind = "same"
	Added   PieceKind = "added"
	Removed PieceKind = "removed"
)

// Piece is a stretch of text that stayed, came or went.
type Piece struct {
	Kind PieceKind `json:"kind"`
	Text string    `json:"text"`
}

// Sentences that are compared at most: the table of the comparison grows with their product.
const diffMost = 2000

// Diff compares two texts by sentences and lines.
func Diff(before, after string) []Piece {
	a, b := sentences(before), sentences(after)
	if len(a) > diffMost || len(b) > diffMost {
		return join([]Piece{{Removed, before}, {Added, after}})
	}
	// common[i][j] is the length of the longest common subsequence of a[i:] and b[j:].
	common := make([][]int32, len(a)+1)
	for i := range common {
		common[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var pieces []Piece
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			pieces = append(pieces, Piece{Same, a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			pieces = append(pieces, Piece{Removed, a[i]})
			i++
		default:
			pieces = append(pieces, Piece{Added, b[j]})
			j++
		}
	}
	return join(pieces)
}

// join puts neighbours of one kind together.
func join(pieces []Piece) []Piece {
	list := []Piece{}
	for _, p := range pieces {
		switch n := len(list); {
		case p.Text == "":
		case n > 0 && list[n-1].Kind == p.Kind:
			list[n-1].Text += p.Text
		default:
			list = append(list, p)
		}
	}
	return list
}

// sentences cuts after each end of a sentence, clause or line.
func sentences(text string) []string {
	var list []string
	start := 0
	for i, r := range text {
		if strings.ContainsRune("。；！？，、\n", r) {
			end := i + len(string(r))
			list = append(list, text[start:end])
			start = end
		}
	}
	if start < len(text) {
		list = append(list, text[start:])
	}
	return list
}
