namespace Sommelier.Upstream.Auth;

/// <summary>A role, and where AWS's Security Token Service (STS) lends it.</summary>
/// <param name="Address">The service; ends with a slash.</param>
/// <param name="Arn">The role's name.</param>
/// <param name="SessionName">Who we are in AWS's logs.</param>
internal sealed record AwsRole(Uri Address, string Arn, string SessionName)
{
    /// <summary>What the role's owner has agreed on with us; null for nothing.</summary>
    public string? ExternalId { get; init; }

    /// <summary>How long a key lives; null: an hour.</summary>
    public int? DurationSeconds { get; init; }

    /// <summary>The form that is posted. Source: AWS STS API reference, version 2011-06-15.</summary>
    /// <param name="action">What is asked.</param>
    /// <param name="more">What this action wants beside the role.</param>
    public FormUrlEncodedContent Form(string action, params ReadOnlySpan<KeyValuePair<string, string>> more)
    {
        var form = new List<KeyValuePair<string, string>>
        {
            new("Action", action),
            new("Version", "2011-06-15"),
            new("RoleArn", Arn),
            new("RoleSessionName", SessionName),
        };
        form.AddRange(more);
        if (ExternalId is not null)
        {
            form.Add(new("ExternalId", ExternalId));
        }

        if (DurationSeconds is { } seconds)
        {
            form.Add(new("DurationSeconds", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        return new(form);
    }
}
