using System.Reflection;

namespace Sommelier.Server.Hosting;

/// <summary>The version of this executable.</summary>
internal static class ProductVersion
{
    /// <summary>For example <c>0.1.0</c>.</summary>
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";
}
