namespace Sommelier.Wire;

/// <summary>Where a format is served that has no endpoints of its own: below those of another.</summary>
/// <param name="Format">The other format's name.</param>
/// <param name="Path">What follows the path of its endpoints, e.g. <c>compact</c>.</param>
/// <param name="Lack">What is said of a deployment that does not serve it, after its name: what is lacking, and the remedy.</param>
public sealed record FormatBelow(string Format, string Path, string Lack);
