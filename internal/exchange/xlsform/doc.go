// Package xlsform reads and writes surveys as XLSForm, the workbooks that
// KoboToolbox, ODK, SurveyCTO and others share.
package xlsform
