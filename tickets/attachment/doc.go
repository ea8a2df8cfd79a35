// Package attachment keeps the files that people attach to tickets in a blob store: streamed,
// hashed and bounded while they are read, their type told by their content and never by their
// name alone. What belongs to which ticket, and who may open it, the desk knows.
package attachment
