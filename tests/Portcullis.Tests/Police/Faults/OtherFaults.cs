// The remaining folders of a Core as it must not be.
namespace Portcullis.Tests.Police.Faults.Core.Text
{
    public sealed class Line
    {
        public int Length { get; init; }
    }
}

namespace Portcullis.Tests.Police.Faults.Core.Operations
{
    public sealed class Verb
    {
        // Allowed: Operations stands above all.
        public Wire.Frame? Frame { get; init; }
    }
}

namespace Portcullis.Tests.Police.Faults.Core.Oddments
{
    public sealed class Drawer
    {
        public int Size { get; init; }
    }
}

namespace Portcullis.Tests.Police.Faults.Native
{
    public static class Caller
    {
        [System.Runtime.InteropServices.DllImport("libc")]
        internal static extern int getpid();
    }
}
