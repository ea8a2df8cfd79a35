package directory

import (
	"slices"

	"github.com/open12345/hotline/tickets"
)

// Permission is a right to do a kind of thing.
type Permission string

// Permissions.
const (
	FloorSeat              Permission = "floor.seat"               // work at a seat: sign in, take and make calls
	FloorWatch             Permission = "floor.watch"              // the board: every seat and queue
	FloorForce             Permission = "floor.force"              // force a seat's state
	CallList               Permission = "call.list"                // records of calls, by scope
	CallPlay               Permission = "call.play"                // recordings, by scope
	CallbackWork           Permission = "callback.work"            // 留言与回拨
	TicketCreate           Permission = "ticket.create"            // by call or registering
	TicketList             Permission = "ticket.list"              // lists and pages of tickets, by scope
	TicketAct              Permission = "ticket.act"               // events; the state table says which
	TicketDispatchDirectly Permission = "ticket.dispatch_directly" // 直派, granted to single accounts
	DraftsAll              Permission = "ticket.drafts"            // everybody's unfinished drafts
	CallerHistory          Permission = "caller.history"           // of the own call's citizen
	ExportLists            Permission = "export"                   // lists as files
	AdminAccounts          Permission = "admin.accounts"           // accounts, roles, units
	AdminSeats             Permission = "admin.seats"              // seats and skills
	AdminQueues            Permission = "admin.queues"             // queues
	AdminClasses           Permission = "admin.classes"            // class tree
	AdminLines             Permission = "admin.lines"              // called numbers
	AdminMenus             Permission = "admin.menus"              // menu graph and reload
	AdminPrompts           Permission = "admin.prompts"            // listen and replace
	AdminAudit             Permission = "admin.audit"              // read the audit log
	AdminHealth            Permission = "admin.health"             // parts of the installation
	AdminBlacklist         Permission = "admin.blacklist"          // refused numbers
	RulesRead              Permission = "rules.read"               // policy, calendar, catalogue, triage
	AdminRules             Permission = "admin.rules"              // change them
	AdminTemplates         Permission = "admin.templates"          // words of messages, what was sent
	DepartmentAdmin        Permission = "department.admin"         // 部门管理: people and 部门信息 of the own unit and below
	AnnouncementWrite      Permission = "announcement.write"       // 公告
	ReportsRead            Permission = "report.read"              // the daily report, by scope
	KnowledgeRead          Permission = "knowledge.read"           // what is valid; report errors, insert into answers
	KnowledgeWrite         Permission = "knowledge.write"          // drafts and submissions, by scope
	KnowledgePublish       Permission = "knowledge.publish"        // review, publish, withdraw; the tree
)

// Scope is which rows a permission reaches.
type Scope string

// Scopes, from narrow to wide.
const (
	ScopeNone    Scope = ""
	ScopeOwn     Scope = "own"     // the account's own
	ScopeUnit    Scope = "unit"    // its unit's
	ScopeSubtree Scope = "subtree" // its unit's and those of the units below
	ScopeAll     Scope = "all"
)

var width = []Scope{ScopeNone, ScopeOwn, ScopeUnit, ScopeSubtree, ScopeAll}

// Wider tells whether s reaches more than o.
func (s Scope) Wider(o Scope) bool { return slices.Index(width, s) > slices.Index(width, o) }

// Grants is the one table of rights: role → permission → scope. An account without a role has
// no entry and so can do nothing.
var Grants = map[tickets.Role]map[Permission]Scope{
	tickets.Agent: {
		FloorSeat: ScopeOwn, CallList: ScopeOwn, CallPlay: ScopeOwn, CallbackWork: ScopeAll,
		TicketCreate: ScopeOwn, TicketList: ScopeAll, TicketAct: ScopeAll, CallerHistory: ScopeOwn,
		KnowledgeRead: ScopeAll,
	},
	tickets.Supervisor: {
		FloorWatch: ScopeAll, FloorForce: ScopeAll, CallList: ScopeAll, CallPlay: ScopeAll, CallbackWork: ScopeAll,
		TicketList: ScopeAll, TicketAct: ScopeAll, DraftsAll: ScopeAll, ExportLists: ScopeAll, AdminBlacklist: ScopeAll,
		KnowledgeRead: ScopeAll, ReportsRead: ScopeAll, AnnouncementWrite: ScopeAll,
	},
	tickets.Intake: {
		TicketCreate: ScopeOwn, TicketList: ScopeAll, TicketAct: ScopeAll, CallbackWork: ScopeAll,
		KnowledgeRead: ScopeAll,
	},
	tickets.Dispatcher: {
		TicketList: ScopeAll, TicketAct: ScopeAll, CallPlay: ScopeAll, CallList: ScopeAll, KnowledgeRead: ScopeAll, RulesRead: ScopeAll,
	},
	tickets.Reviewer: {
		TicketList: ScopeAll, TicketAct: ScopeAll, CallPlay: ScopeAll, CallList: ScopeAll, KnowledgeRead: ScopeAll, RulesRead: ScopeAll,
	},
	tickets.FollowUp: {
		TicketList: ScopeAll, TicketAct: ScopeAll, CallPlay: ScopeAll, CallList: ScopeOwn, KnowledgeRead: ScopeAll,
		FloorSeat: ScopeOwn, CallerHistory: ScopeOwn, // calls from tickets; a seat of theirs gets none
	},
	tickets.Office: {
		FloorWatch: ScopeAll, TicketList: ScopeAll, TicketAct: ScopeAll, CallList: ScopeAll, CallPlay: ScopeAll,
		DraftsAll: ScopeAll, ExportLists: ScopeAll, AdminAudit: ScopeAll, AdminBlacklist: ScopeAll,
		KnowledgeRead: ScopeAll, ReportsRead: ScopeAll, RulesRead: ScopeAll, AnnouncementWrite: ScopeAll,
	},
	tickets.CityLeader: {FloorWatch: ScopeAll, TicketList: ScopeAll, TicketAct: ScopeAll, KnowledgeRead: ScopeAll, ReportsRead: ScopeAll},
	tickets.UnitClerk:  {CallPlay: ScopeOwn, TicketList: ScopeUnit, TicketAct: ScopeUnit, KnowledgeRead: ScopeAll, KnowledgeWrite: ScopeUnit},
	tickets.UnitLeader: {CallPlay: ScopeOwn, TicketList: ScopeSubtree, TicketAct: ScopeSubtree, KnowledgeRead: ScopeAll, KnowledgeWrite: ScopeSubtree, ExportLists: ScopeSubtree,
		DepartmentAdmin: ScopeSubtree, ReportsRead: ScopeSubtree},
	tickets.Quality:   {CallList: ScopeAll, CallPlay: ScopeAll, TicketList: ScopeAll, KnowledgeRead: ScopeAll},
	tickets.Knowledge: {TicketList: ScopeAll, KnowledgeRead: ScopeAll, KnowledgeWrite: ScopeAll, KnowledgePublish: ScopeAll},
	tickets.Admin: {
		AdminAccounts: ScopeAll, AdminSeats: ScopeAll, AdminQueues: ScopeAll, AdminClasses: ScopeAll, AdminLines: ScopeAll,
		AdminMenus: ScopeAll, AdminPrompts: ScopeAll, AdminAudit: ScopeAll, AdminHealth: ScopeAll, AdminBlacklist: ScopeAll,
		RulesRead: ScopeAll, AdminRules: ScopeAll,
		AdminTemplates: ScopeAll, AnnouncementWrite: ScopeAll, FloorWatch: ScopeAll,
	},
}

// Grantable are the permissions that no role holds: they are granted to single accounts.
var Grantable = []Permission{TicketDispatchDirectly}

// ScopeOf is the widest scope in which a holder of the roles has the permission.
func ScopeOf(roles []tickets.Role, p Permission) Scope {
	widest := ScopeNone
	for _, r := range roles {
		if s := Grants[r][p]; s.Wider(widest) {
			widest = s
		}
	}
	return widest
}

// Permissions lists what a holder of the roles and of further rights may do, sorted.
func Permissions(roles []tickets.Role, rights ...Permission) []Permission {
	list := append([]Permission{}, rights...)
	for _, r := range roles {
		for p := range Grants[r] {
			if !slices.Contains(list, p) {
				list = append(list, p)
			}
		}
	}
	slices.Sort(list)
	return list
}
