package database

var OpenSQLiteWithPatience = openSQLite
