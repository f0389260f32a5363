namespace Sommelier.Canonical;

/// <summary>Something that the caller asked for and will not get as asked.</summary>
/// <param name="Code">One token, e.g. <c>dropped</c>, <c>emulated</c>, <c>clamped</c>, <c>output_capped_by_budget</c>.</param>
/// <param name="Field">The field as the caller wrote it, e.g. <c>logit_bias</c>.</param>
/// <param name="Detail">Why, in a few words.</param>
public sealed record Warning(string Code, string Field, string Detail);
