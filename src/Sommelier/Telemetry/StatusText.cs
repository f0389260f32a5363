using System.Globalization;

namespace Sommelier.Telemetry;

/// <summary>HTTP statuses as text, made once: an attribute value that is a number would be boxed at each request.</summary>
internal static class StatusText
{
    private static readonly string[] Known = [.. Enumerable.Range(0, 600).Select(status => status.ToString(CultureInfo.InvariantCulture))];

    public static string Of(int status) => (uint)status < (uint)Known.Length ? Known[status] : "0";
}
