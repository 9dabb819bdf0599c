"""The weekly schedule as a document, without a database: weeks, snapshots, differences, layouts."""
