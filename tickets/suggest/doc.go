// Package suggest guesses a ticket's unit or class from its text. It learns from what was
// dispatched and, more strongly, from what was returned; it says which words it went by; it
// stays silent about a text it knows nothing of; and it never acts: a person takes a
// suggestion or leaves it.
//
// The classifier is complement naive Bayes (Rennie et al., ICML 2003) over the words of a
// Chinese segmenter: it learns one ticket at a time, forgets a returned one exactly, and its
// score is a sum over words, so that the explanation is the computation itself.
package suggest
