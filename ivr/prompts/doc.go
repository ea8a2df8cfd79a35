// Package prompts turns the manifest of spoken lines into sound files the switch can
// play, and finds the file of a line during calls.
//
// A line has a text for each language. It becomes a file by, in this order: a recording
// of the same id in the folder of recorded files; a generated tone, silence or music; a
// speech engine that speaks the language; the fallback text in the fallback language.
// Files are 8 kHz mono signed 16-bit little-endian without a header (.sln): the switch
// reads them as they are, needs no resampling, and one table look-up turns them into
// either kind of G.711.
//
// A file's name is a hash of all that makes its sound, so building again costs nothing
// for lines that did not change, a change never touches a file that a call is playing,
// and several builds may run at once. The index in the same folder says which file is
// whose.
package prompts
