package dev.muster.query.template;

/// An element of what the function `query` answers.
///
/// @param labels of the series, its name among them
public record QuerySample(Words labels, double value) {}
