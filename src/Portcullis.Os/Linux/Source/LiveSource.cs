using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Portcullis.Os.Linux.Native;

namespace Portcullis.Os.Linux.Source;

/// <summary>Asks the running machine. Rooted elsewhere than "/", no link leads out of the root (openat2(2), RESOLVE_IN_ROOT).</summary>
internal sealed unsafe class LiveSource : ISource
{
    private const int ReadOnly = Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK | Libc.O_NOCTTY;

    private readonly string? _root;

    /// <param name="root">The directory that takes the place of "/"; null for the real one.</param>
    internal LiveSource(string? root = null) => _root = root;

    /// <inheritdoc/>
    public Answer File(string path, int limit = 1 << 20)
    {
        int descriptor = Open(path, ReadOnly, out int error);
        if (descriptor < 0)
        {
            return Answer.Refused(error);
        }

        try
        {
            Statx status;
            if (Stat(descriptor, &status) is int refused and not 0)
            {
                return Answer.Refused(refused);
            }

            return (status.Mode & Libc.S_IFMT) == Libc.S_IFREG ? ReadAll(descriptor, status.Size, limit) : Answer.Refused(Errno.EINVAL);
        }
        finally
        {
            _ = Libc.close(descriptor);
        }
    }

    /// <inheritdoc/>
    public Answer Link(string path)
    {
        const int Longest = 4096; // PATH_MAX of linux/limits.h
        byte* buffer = stackalloc byte[Longest];
        nint length;
        if (_root is null)
        {
            fixed (byte* bytes = Terminated(path))
            {
                length = Libc.readlinkat(Libc.AT_FDCWD, bytes, buffer, Longest);
            }
        }
        else
        {
            // The directory is resolved inside the root; the last part is the link itself.
            int slash = path.LastIndexOf('/');
            int directory = Open(slash <= 0 ? "/" : path[..slash], Libc.O_PATH | Libc.O_CLOEXEC, out int error);
            if (directory < 0)
            {
                return Answer.Refused(error);
            }

            fixed (byte* bytes = Terminated(path[(slash + 1)..]))
            {
                length = Libc.readlinkat(directory, bytes, buffer, Longest);
            }

            int failure = Errno.Last;
            _ = Libc.close(directory);
            if (length < 0)
            {
                return Answer.Refused(failure);
            }
        }

        return length < 0 ? Answer.Refused(Errno.Last) : Answer.Of(new ReadOnlySpan<byte>(buffer, (int)length).ToArray());
    }

    /// <inheritdoc/>
    public Answer Directory(string path)
    {
        int descriptor = Open(path, ReadOnly, out int error);
        if (descriptor < 0)
        {
            return Answer.Refused(error);
        }

        try
        {
            List<string> entries = [];
            int refused = DirectoryEntries.Read(descriptor, (name, kind) => entries.Add(string.Concat(Letter(kind), Encoding.UTF8.GetString(name))));
            if (refused != 0)
            {
                return Answer.Refused(refused);
            }

            entries.Sort(static (left, right) => string.CompareOrdinal(left, 1, right, 1, int.MaxValue));
            StringBuilder all = new();
            foreach (string entry in entries)
            {
                all.Append(entry).Append('\0');
            }

            return Answer.Of(Encoding.UTF8.GetBytes(all.ToString()));
        }
        finally
        {
            _ = Libc.close(descriptor);
        }
    }

    /// <inheritdoc/>
    public Answer Status(string path)
    {
        int descriptor = Open(path, Libc.O_PATH | Libc.O_CLOEXEC, out int error);
        if (descriptor < 0)
        {
            return Answer.Refused(error);
        }

        Statx status;
        int refused = Stat(descriptor, &status);
        _ = Libc.close(descriptor);
        return refused != 0
            ? Answer.Refused(refused)
            : Answer.Of(Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $"{((ulong)status.DeviceMajor << 32) | status.DeviceMinor} {status.Inode} {status.LinkCount} {status.Mode} {status.Uid} {status.Size}")));
    }

    /// <inheritdoc/>
    public Answer FindLines(string directory, string suffix, IReadOnlyCollection<string> lines)
    {
        Answer entries = Directory(directory);
        if (!entries.Ok)
        {
            return entries;
        }

        LineSet wanted = new(lines);
        StringBuilder hits = new();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            foreach (string entry in entries.Text!.Split('\0', StringSplitOptions.RemoveEmptyEntries))
            {
                if (entry[0] is 'f' or 'o' && entry.EndsWith(suffix, StringComparison.Ordinal))
                {
                    int length = ReadInto($"{directory}/{entry.AsSpan(1)}", ref buffer);
                    wanted.Collect(buffer.AsSpan(0, length), line => hits.Append(entry, 1, entry.Length - 1).Append(':').Append(line).Append('\n'));
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Answer.Of(Encoding.UTF8.GetBytes(hits.ToString()));
    }

    /// <inheritdoc/>
    public ISource InRoot(string root) => new LiveSource(root);

    private static char Letter(byte kind) => kind switch
    {
        DirectoryEntries.DT_REG => 'f',
        DirectoryEntries.DT_DIR => 'd',
        DirectoryEntries.DT_LNK => 'l',
        _ => 'o',
    };

    private static byte[] Terminated(string path)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(path) + 1];
        Encoding.UTF8.GetBytes(path, bytes);
        return bytes;
    }

    private static int Stat(int descriptor, Statx* status)
    {
        byte empty = 0;
        return Libc.statx(descriptor, &empty, Libc.AT_EMPTY_PATH, Statx.BasicStats, status) == 0 ? 0 : Errno.Last;
    }

    private static Answer ReadAll(int descriptor, ulong size, int limit)
    {
        // Files of /proc say 0; others say how much to expect.
        byte[] buffer = new byte[Math.Min(limit, size == 0 ? 4096 : (int)Math.Min(size + 1, int.MaxValue))];
        int length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                if (length >= limit)
                {
                    break;
                }

                Array.Resize(ref buffer, (int)Math.Min(limit, (long)length * 2));
            }

            nint count;
            fixed (byte* start = &buffer[length])
            {
                count = Libc.read(descriptor, start, (nuint)(buffer.Length - length));
            }

            if (count < 0 && Errno.Last == Errno.EINTR)
            {
                continue;
            }

            if (count < 0)
            {
                return Answer.Refused(Errno.Last);
            }

            if (count == 0)
            {
                break;
            }

            length += (int)count;
        }

        return Answer.Of(buffer.AsMemory(0, length));
    }

    /// <summary>Reads a whole file into a reused buffer; 0 where it can't be read, since a list that vanished lists nothing.</summary>
    private int ReadInto(string path, ref byte[] buffer)
    {
        int descriptor = Open(path, ReadOnly, out _);
        if (descriptor < 0)
        {
            return 0;
        }

        int length = 0;
        try
        {
            while (true)
            {
                if (length == buffer.Length)
                {
                    byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                nint count;
                fixed (byte* start = &buffer[length])
                {
                    count = Libc.read(descriptor, start, (nuint)(buffer.Length - length));
                }

                if (count <= 0)
                {
                    return length;
                }

                length += (int)count;
            }
        }
        finally
        {
            _ = Libc.close(descriptor);
        }
    }

    private int Open(string path, int flags, out int error)
    {
        int descriptor;
        fixed (byte* bytes = Terminated(path))
        {
            do
            {
                descriptor = _root is null ? Libc.open(bytes, flags, 0) : OpenInRoot(bytes, flags);
                error = descriptor < 0 ? Errno.Last : 0;
            }
            while (error == Errno.EINTR);
        }

        return descriptor;
    }

    private int OpenInRoot(byte* path, int flags)
    {
        int root;
        fixed (byte* bytes = Terminated(_root!))
        {
            root = Libc.open(bytes, Libc.O_PATH | Libc.O_CLOEXEC, 0);
        }

        if (root < 0)
        {
            return -1;
        }

        Libc.OpenHow how = new() { Flags = (ulong)(uint)flags, Resolve = Libc.RESOLVE_IN_ROOT | Libc.RESOLVE_NO_MAGICLINKS };
        int descriptor = (int)Libc.openat2(Libc.SYS_openat2, root, path, &how, (nuint)sizeof(Libc.OpenHow));
        int error = Errno.Last;
        _ = Libc.close(root);
        System.Runtime.InteropServices.Marshal.SetLastPInvokeError(error);
        return descriptor;
    }
}
