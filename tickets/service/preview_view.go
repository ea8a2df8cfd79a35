package service

import (
	"time"

	"github.com/open12345/hotline/tickets"
)

// DispatchPreview is what a dispatcher sees before sending: what rules, catalogue and past say.
type DispatchPreview struct {
	Legs     []LegPreview       `json:"legs"`                                                                                    // of the units asked about: the lead, then the assists
	Proposal *CatalogueProposal `json:"proposal,omitempty"`                                                                      // none: the catalogue has nothing for class and area
	Returns  []UnitReturns      `json:"returns" doc:"Granted returns of tickets of this class in the last 180 days, most first"` // also of units not asked about
	MinDueAt time.Time          `json:"min_due_at,omitzero" doc:"Earliest limit that may be chosen by hand"`
	MaxDueAt time.Time          `json:"max_due_at,omitzero" doc:"Latest limit that may be chosen by hand"`
}

// LegPreview is what a unit would get if the ticket were dispatched now.
type LegPreview struct {
	Unit        UnitRef         `json:"unit"`
	Role        tickets.LegRole `json:"role"`
	Duties      string          `json:"duties"`
	SignDueAt   time.Time       `json:"sign_due_at,omitzero"`
	ReturnDueAt time.Time       `json:"return_due_at,omitzero"`
	DueAt       time.Time       `json:"due_at"`
	Remains     string          `json:"remains"` // until DueAt, in working time
	Returns     int             `json:"returns"` // granted returns of this class by the unit
}

// CatalogueProposal is what the dispatch catalogue (派单目录) gives for class and area.
type CatalogueProposal struct {
	Lead    UnitRef   `json:"lead"`
	Assists []UnitRef `json:"assists"`
	Why     string    `json:"why"` // the row that fits, in words: 噪声扰民 × 新区
}

// UnitReturns counts what a unit gave back.
type UnitReturns struct {
	Unit  UnitRef `json:"unit"`
	Count int     `json:"count"`
}
