package dev.muster.query.alertmanager.state;

/// Who is told of which group.
///
/// @param groupKey of the group
/// @param receiver name in the configuration file
/// @param integration what kind of receiver
/// @param index which of this kind, from 0
public record NotificationKey(String groupKey, String receiver, String integration, int index) {}
