// Package asterisk is the telephone switch as a cattle node: where it is
// installed (Find), how it is run from a folder as an ordinary user
// (Install.Command), and its whole configuration as templates (Render).
//
// Nothing of a node is set by hand. What differs between nodes is in Params;
// the templates in etc hold everything else, with the reason beside each setting
// that is not obvious. Seats' phones are not here: they are put by ARI push
// configuration while the switch runs.
//
// When no floor answers, the dialplan alone still serves the caller: ringing
// while it asks again, then a queue of known SIP phones, then voicemail.
package asterisk
