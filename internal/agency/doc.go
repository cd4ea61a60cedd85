// Package agency is the organisation that is measured: public bodies in their
// tree, their service points with the codes that posters show, service fields
// and channels.
package agency
