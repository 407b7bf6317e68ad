package dev.muster.query.api;

/// A call of the API.
///
/// @param parameters what was given
/// @param path the part of the path that is a parameter; empty where there is none
/// @param budget what it may read, and whether its client is still there
record Call(Parameters parameters, String path, CallBudget budget) {}
