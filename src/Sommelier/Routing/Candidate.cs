using System.Runtime.InteropServices;
using Sommelier.Catalog;

namespace Sommelier.Routing;

/// <summary>A deployment under consideration, with the terms that it is ranked by.</summary>
[StructLayout(LayoutKind.Auto)]
public struct Candidate
{
    /// <summary>Its index in <see cref="CatalogSnapshot.Deployments"/>.</summary>
    public int Index { get; internal init; }

    /// <summary>The deployment.</summary>
    public Deployment Deployment { get; internal init; }

    /// <summary>How it is doing.</summary>
    public DeploymentState State { get; internal init; }

    /// <summary>Whether the caller named it outright, or its model.</summary>
    public bool IsNamed { get; internal init; }

    /// <summary>Expected success rate for this request, 0 to 1.</summary>
    public double QualityMean { get; internal set; }

    /// <summary>Its lower bound.</summary>
    public double QualityLow { get; internal set; }

    /// <summary>Expected cost in USD; infinite when the price is unknown, which is not free.</summary>
    public double CostUsd { get; internal set; }

    /// <summary>Expected milliseconds until the answer is whole; infinite when nothing is known.</summary>
    public double LatencyMs { get; internal set; }
}
