package dev.muster.query.api;

import dev.muster.blocks.read.BlockCatalog;
import dev.muster.blocks.tombstone.TombstoneStore;
import dev.muster.federation.view.FleetLog;
import dev.muster.federation.view.FleetView;
import dev.muster.model.merge.QuerySource;
import dev.muster.promql.PromQlEngine;
import dev.muster.query.cache.ResultCache;
import dev.muster.query.cluster.ClusterNode;
import dev.muster.query.directory.DirectoryClient;
import dev.muster.query.expected.ExpectedKeeper;
import dev.muster.query.fleet.FleetFollower;
import dev.muster.query.load.QueryLoad;
import dev.muster.query.source.AgentDirectory;
import dev.muster.query.source.FleetExemplars;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// What the API works with, as the wiring has built it.
///
/// @param engine evaluates queries
/// @param results the same for range queries, with what was evaluated before
/// @param source all series
/// @param tombstones what of them was deleted
/// @param exemplars all exemplars
/// @param fleet who is up
/// @param expected who should be there
/// @param cells the directory of all cells
/// @param log what of it has changed
/// @param follower keeps it current
/// @param directory the agents
/// @param http for requests to agents
/// @param cluster this node's part in a cluster of query nodes; empty for a node that is alone
/// @param rules which are evaluated, and what becomes of them
/// @param catalog the blocks that are visible
/// @param ready whether queries may be sent
/// @param limits what a call may take
/// @param load what calls may take together
/// @param node what to say of this node
/// @param switches what is allowed beside reading
/// @param lookback how long a sample stands for its series
/// @param clock the time
public record ApiParts(
        PromQlEngine engine,
        ResultCache results,
        QuerySource source,
        TombstoneStore tombstones,
        FleetExemplars exemplars,
        FleetView fleet,
        ExpectedKeeper expected,
        DirectoryClient cells,
        FleetLog log,
        FleetFollower follower,
        AgentDirectory directory,
        HttpClient http,
        Optional<ClusterNode> cluster,
        RuleParts rules,
        BlockCatalog catalog,
        BooleanSupplier ready,
        ApiLimits limits,
        QueryLoad load,
        NodeInfo node,
        Switches switches,
        Duration lookback,
        InstantSource clock) {}
