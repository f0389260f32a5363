using Npgsql;
using Sommelier.Configuration.Reading;
using StackExchange.Redis;

namespace Sommelier.Configuration.Rules;

/// <summary>What must hold of <c>storage</c>.</summary>
internal static class StorageRules
{
    public static void Check(ConfigGroup root, bool offline, List<ConfigProblem> problems)
    {
        if (root.Group("server")?.Group("responses") is { } responses && responses.Choice("store", ["shared"]) is 0 && root.Group("storage")?["postgres"] is null)
        {
            var store = responses["store"]!;
            problems.Add(new(store.Position, store.Path, "there is no database to share", "Set storage.postgres, or keep answers in memory or in a file"));
        }

        if (root.Group("storage") is not { } storage)
        {
            return;
        }

        if (storage["sqlite"] is { } sqlite && storage["postgres"] is not null)
        {
            problems.Add(new(sqlite.Position, sqlite.Path, "there are two databases", "Leave out sqlite or postgres"));
        }

        if (storage["redis"] is { } redis)
        {
            if (storage["postgres"] is null)
            {
                problems.Add(new(redis.Position, redis.Path, "redis counts for several instances, which need a common database too", "Set storage.postgres"));
            }

            Try(offline, redis, text => ConfigurationOptions.Parse(text), "Write it like redis:6379,password=...,ssl=true", problems);
        }

        if (storage["postgres"] is { } postgres)
        {
            Try(offline, postgres, text => new NpgsqlConnectionStringBuilder(text), "Write it like Host=db;Port=5432;Username=sommelier;Password=...;Database=sommelier", problems);
        }
    }

    // What it says of the text is left out: it may quote the password.
    private static void Try(bool offline, ConfigValue value, Func<string, object> parse, string remedy, List<ConfigProblem> problems)
    {
        if (offline)
        {
            // A variable that is not set here stands for its value.
            return;
        }

        try
        {
            parse((string)value.Value!);
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or KeyNotFoundException)
        {
            problems.Add(new(value.Position, value.Path, "it cannot be read", remedy));
        }
    }
}
