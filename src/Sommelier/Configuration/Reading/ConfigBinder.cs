using Sommelier.Accounts;
using Sommelier.Canonical;
using Sommelier.Configuration.Keys;
using Sommelier.Gateway;
using Sommelier.Gateway.Kept;
using Sommelier.Upstream.Media;

namespace Sommelier.Configuration.Reading;

/// <summary>Makes the record tree out of valid values.</summary>
internal static class ConfigBinder
{
    public static SommelierConfig Bind(ConfigGroup root)
    {
        var defaults = SommelierConfig.Default;
        var policies = root.Group("policies") ?? ConfigGroup.Empty;
        return defaults with
        {
            Server = Server(root.Group("server") ?? ConfigGroup.Empty),
            Providers = [.. Groups(root.Group("providers")).Select(p => ProviderBinder.Bind(p.Key, p.Group))],
            Discover = root.Boolean("discover") ?? defaults.Discover,
            DefaultPolicy = policies.Text("default") ?? defaults.DefaultPolicy,
            TimeZone = policies.Text("time_zone") is { } zone ? TimeZoneInfo.FindSystemTimeZoneById(zone) : TimeZoneInfo.Utc,
            Policies = PolicyBinder.InOrder([.. Groups(policies).Select(p => PolicyBinder.Bind(p.Key, p.Group))]),
            Aliases = TextMap(root.Group("aliases")),
            AbstainBelow = (double?)root.Group("classifier")?.Number("abstain_below"),
            DifficultyPredictor = root.Group("classifier")?.Group("difficulty")?.Text("predictor"),
            DifficultyModel = root.Group("classifier")?.Group("difficulty")?.Text("model"),
            Quality = QualityBinder.Bind(root.Group("quality")),
            NewModels = EvalsBinder.Bind(root.Group("evals")),
            Resilience = Resilience(root.Group("resilience") ?? ConfigGroup.Empty),
            Media = Media(root.Group("media") ?? ConfigGroup.Empty),
            Sqlite = root.Group("storage")?.Text("sqlite"),
            Postgres = root.Group("storage")?.Text("postgres"),
            Redis = root.Group("storage")?.Text("redis"),
            LedgerRetention = root.Group("ledger")?.Duration("retention"),
            Bodies = BodiesBinder.Bind(root.Group("ledger")?.Group("bodies")),
            Positions = Positions(root),
        };
    }

    /// <summary>The groups under names of the user's own, in the order of the file.</summary>
    public static IEnumerable<(string Key, ConfigGroup Group)> Groups(ConfigGroup? parent) =>
        parent?.Values.Where(entry => entry.Value.Value is ConfigGroup).Select(entry => (entry.Key, (ConfigGroup)entry.Value.Value)) ?? [];

    /// <summary>The texts under names of the user's own.</summary>
    public static IReadOnlyDictionary<string, string> TextMap(ConfigGroup? group) =>
        group?.Values.ToDictionary(entry => entry.Key, entry => (string)entry.Value.Value, StringComparer.Ordinal)
        ?? new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Sensitivity; null when the key is absent.</summary>
    public static DataClass? Data(ConfigGroup group) => (DataClass?)group.Choice("data", Words.DataClasses);

    private static ServerConfig Server(ConfigGroup group)
    {
        var defaults = new ServerConfig();
        var limits = group.Group("limits") ?? ConfigGroup.Empty;
        return new ServerConfig
        {
            Urls = group.Texts("urls") is { Count: > 0 } urls ? urls : defaults.Urls,
            Data = group.Text("data") ?? defaults.Data,
            Keys = group.Texts("keys") ?? defaults.Keys,
            Limits = new RequestLimits
            {
                MaxBodyBytes = limits.Size("max_body_bytes") ?? defaults.Limits.MaxBodyBytes,
                MaxHeaders = limits.Integer("max_headers") ?? defaults.Limits.MaxHeaders,
                MaxHeaderBytes = limits.Integer("max_header_bytes") ?? defaults.Limits.MaxHeaderBytes,
                MaxJsonDepth = limits.Integer("max_json_depth") ?? defaults.Limits.MaxJsonDepth,
                RequestTimeout = limits.Duration("request_timeout") ?? defaults.Limits.RequestTimeout,
            },
            Responses = Responses(group.Group("responses")),
            CacheMaxBytes = group.Group("cache")?.Size("max_bytes") ?? defaults.CacheMaxBytes,
            Oidc = Oidc(group.Group("admin")?.Group("oidc")),
            Cors = group.Group("cors") is { } cors ? new(cors.Texts("origins") ?? [], cors.Duration("max_age") ?? TimeSpan.FromMinutes(10)) : null,
            Tls = group.Group("tls") is { } tls ? new(tls.Text("certificate")!, tls.Text("key"), tls.Text("password")) : null,
        };
    }

    // Of a value that is listed twice the largest role counts.
    private static OidcConfig? Oidc(ConfigGroup? group)
    {
        if (group is null)
        {
            return null;
        }

        var roles = new Dictionary<string, KeyRole>(StringComparer.Ordinal);
        foreach (var (role, word) in (ReadOnlySpan<(KeyRole, string)>)[(KeyRole.Viewer, "viewer"), (KeyRole.Editor, "editor"), (KeyRole.Admin, "admin")])
        {
            foreach (var value in group.Group("roles")?.Texts(word) ?? [])
            {
                roles[value] = role;
            }
        }

        return new(group.Url("authority")!, group.Text("audience")!, group.Text("role_claim") ?? "role", roles);
    }

    // The words of the key, in their order: off, memory, file, shared.
    private static ResponsesConfig? Responses(ConfigGroup? group) => group?.Choice("store", ["off", "memory", "file", "shared"]) is not 0 and var store
        ? new(
            store is { } place ? (ResponsePlace)(place - 1) : null, group?.Text("path"), group?.Duration("retention") ?? ResponseStoreOptions.DefaultRetention,
            group?.Size("max_bytes") ?? ResponseStoreOptions.DefaultMaxBytes)
        : null;

    private static Resilience.AttemptLimits Resilience(ConfigGroup group)
    {
        var defaults = new Resilience.AttemptLimits();
        return new Resilience.AttemptLimits
        {
            MaxAttempts = group.Integer("max_attempts") ?? defaults.MaxAttempts,
            MaxAttemptsPerDeployment = group.Integer("max_attempts_per_deployment") ?? defaults.MaxAttemptsPerDeployment,
            FirstChunkWithin = group.Duration("first_chunk_timeout") ?? defaults.FirstChunkWithin,
            StallTimeout = group.Duration("stall_timeout") ?? defaults.StallTimeout,
            KeepAlive = group.Duration("keep_alive") ?? defaults.KeepAlive,
            EarlyKeepAlive = group.Duration("early_keepalive"),
            TotalTimeout = group.Duration("total_timeout") ?? defaults.TotalTimeout,
            MaxRetryDelay = group.Duration("max_retry_delay") ?? defaults.MaxRetryDelay,
        };
    }

    private static MediaOptions Media(ConfigGroup group)
    {
        var defaults = MediaOptions.Default;
        return new MediaOptions
        {
            Fetch = group.Boolean("fetch") ?? defaults.Fetch,
            MaxBytes = (int)(group.Size("max_bytes") ?? defaults.MaxBytes),
            MaxBytesInFlight = group.Size("max_bytes_in_flight") ?? defaults.MaxBytesInFlight,
            Timeout = group.Duration("timeout") ?? defaults.Timeout,
            Allow = group.Texts("allow") ?? defaults.Allow,
        };
    }

    private static Dictionary<string, ConfigPosition> Positions(ConfigGroup root)
    {
        var positions = new Dictionary<string, ConfigPosition>(StringComparer.Ordinal);
        foreach (var (key, value) in root.Values)
        {
            Add(key, value);
        }

        return positions;

        // What a profile has put into a policy stands elsewhere, and is found under both paths.
        void Add(string path, ConfigValue value)
        {
            positions[value.Path] = value.Position;
            positions[path] = value.Position;
            foreach (var (key, inner) in value.Value switch
            {
                ConfigGroup group => group.Values.Select(entry => ($"{path}.{entry.Key}", entry.Value)),
                IReadOnlyList<ConfigValue> list => list.Select((item, i) => ($"{path}[{i}]", item)),
                _ => [],
            })
            {
                Add(key, inner);
            }
        }
    }
}
