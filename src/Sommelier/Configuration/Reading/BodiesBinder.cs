using Sommelier.Gateway.Bodies;

namespace Sommelier.Configuration.Reading;

/// <summary>Makes the rules of stored bodies out of valid values.</summary>
internal static class BodiesBinder
{
    /// <summary>The word for personal data and secrets of the usual kinds.</summary>
    public const string Pii = "pii";

    /// <summary>Null: nothing is stored.</summary>
    public static BodyRules? Bind(ConfigGroup? group)
    {
        // The words of the key, in their order.
        if ((group?.Choice("store", ["none", "all", "errors"]) ?? 0) is not (> 0 and var store))
        {
            return null;
        }

        var redact = group!.Texts("redact") ?? [Pii];
        return new()
        {
            Store = store == 1 ? BodyStorage.All : BodyStorage.Errors,
            MaxBytes = (int)(group.Size("max_bytes") ?? BodyRules.DefaultMaxBytes),
            Redactor = new(redact.Contains(Pii, StringComparer.Ordinal), [.. redact.Where(static one => one is not Pii).Select(PiiPattern.Of)]),
            Retention = group.Duration("retention") ?? BodyRules.DefaultRetention,
        };
    }
}
