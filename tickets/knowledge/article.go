package knowledge

import (
	"slices"
	"time"
)

// State is where a version of an article is.
type State string

// States of a version. Expired is Published past its last day; it is computed, never stored.
const (
	Draft      State = "draft"
	InReview   State = "review"
	Published  State = "published"
	Expired    State = "expired"
	Superseded State = "superseded"
	Withdrawn  State = "withdrawn"
)

var labels = map[State]string{
	Draft: "草稿", InReview: "待审核", Published: "已发布", Expired: "已过期", Superseded: "已被替换", Withdrawn: "已下架",
}

// Label is the Chinese name of the state.
func (s State) Label() string { return labels[s] }

// Content is what a version says. From and To are the days of validity: zero From is at once,
// zero To is until further notice; To is the first moment when it no longer holds.
type Content struct {
	Title    string    `json:"title" maxLength:"200"`
	Body     string    `json:"body" maxLength:"20000"`
	Category string    `json:"category" maxLength:"64"`
	Class    string    `json:"class" maxLength:"64" doc:"Class of tickets it answers"`
	Tags     []string  `json:"tags" maxItems:"20"`
	Guide    bool      `json:"guide" doc:"Read aloud by the phone menu"`
	Spoken   string    `json:"spoken" maxLength:"600" doc:"What the phone menu reads"`
	From     time.Time `json:"from,omitzero"`
	To       time.Time `json:"to,omitzero"`
}

// Version is one state of an article's text. Versions are numbered from 1 and never removed.
type Version struct {
	N int
	Content
	State        State
	Author       string // account that edited it last
	AuthorName   string
	EditedAt     time.Time
	SubmittedAt  time.Time
	Reviewer     string // account that published, returned or withdrew it
	ReviewerName string
	DecidedAt    time.Time
	Opinion      string
}

// Valid tells whether people may rely on the version now.
func (v Version) Valid(now time.Time) bool {
	return v.State == Published && !now.Before(v.From) && (v.To.IsZero() || now.Before(v.To))
}

// StateAt is the state as of now: a published version past its last day is expired.
func (v Version) StateAt(now time.Time) State {
	if v.State == Published && !v.To.IsZero() && !now.Before(v.To) {
		return Expired
	}
	return v.State
}

// Article is a matter of the knowledge base with all its versions, oldest first.
type Article struct {
	ID       string
	Unit     string // whose matter it is; empty: the hotline's own
	Demo     bool   // made up for the demo
	Rev      int    // counts the saves, for optimistic locking
	Versions []Version
}

// Head is the newest version: what is being worked at.
func (a Article) Head() Version {
	if len(a.Versions) == 0 {
		return Version{}
	}
	return a.Versions[len(a.Versions)-1]
}

// Current is what people read: the published version, or the newest of an article that was
// never published or is withdrawn.
func (a Article) Current() Version {
	for _, v := range a.Versions {
		if v.State == Published {
			return v
		}
	}
	return a.Head()
}

// Version finds a version by its number.
func (a Article) Version(n int) (Version, bool) {
	i := slices.IndexFunc(a.Versions, func(v Version) bool { return v.N == n })
	if i < 0 {
		return Version{}, false
	}
	return a.Versions[i], true
}

func (a Article) with(v Version) Article {
	a.Versions = slices.Clone(a.Versions)
	if i := slices.IndexFunc(a.Versions, func(o Version) bool { return o.N == v.N }); i >= 0 {
		a.Versions[i] = v
	} else {
		a.Versions = append(a.Versions, v)
	}
	return a
}
