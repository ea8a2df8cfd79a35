package tickets

import "slices"

// Role is what a person may be at the hotline; one person may hold several.
type Role string

// Roles of the hotline and of the units.
const (
	Agent      Role = "agent"
	Supervisor Role = "supervisor"
	Intake     Role = "intake"
	Dispatcher Role = "dispatcher"
	Reviewer   Role = "reviewer"
	FollowUp   Role = "follow_up"
	Office     Role = "office"
	CityLeader Role = "city_leader"
	UnitClerk  Role = "unit_clerk"
	UnitLeader Role = "unit_leader"
	Quality    Role = "quality"
	Knowledge  Role = "knowledge"
	Admin      Role = "admin"
	Citizen    Role = "citizen" // the public, or another system for it
	System     Role = "system"  // timers
)

// Roles lists the roles an account can hold, with their labels.
var Roles = []Term{
	{string(Agent), "坐席"}, {string(Supervisor), "班长"}, {string(Intake), "受理员"}, {string(Dispatcher), "派单员"},
	{string(Reviewer), "审核员"}, {string(FollowUp), "回访员"}, {string(Office), "热线办"}, {string(CityLeader), "分管领导"},
	{string(UnitClerk), "职能部门(经办)"}, {string(UnitLeader), "职能部门(领导)"}, {string(Quality), "质检员"},
	{string(Knowledge), "知识管理员"}, {string(Admin), "系统管理员"},
}

// Actor is who acts.
type Actor struct {
	Account string
	Name    string
	Unit    string
	Roles   []Role
}

// Has tells whether the actor holds one of the roles.
func (a Actor) Has(roles ...Role) bool {
	for _, r := range roles {
		if slices.Contains(a.Roles, r) {
			return true
		}
	}
	return false
}
