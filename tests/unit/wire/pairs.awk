# SPDX-License-Identifier: GPL-2.0
#
# usage: awk -f pairs.awk <linux/nvme.h> <nvme/...>.h...
#
# Reads the structures and constants of the kernel's header (first file) and of ours
# (the others), and writes one comparison for each that both have under the same name:
# struct nvme_X and nvm_X, NVME_X and NVM_X, nvme_admin_x and NVM_ADMIN_X, and so on.

BEGIN {
	# Ours stand in their dword, the kernel's in its upper half.
	n = split("NVM_RW_LR NVM_RW_FUA NVM_RW_DTYPE_STREAMS NVM_RW_DTYPE_DPLCMT " \
		  "NVM_RW_PRINFO_PRCHK_REF NVM_RW_PRINFO_PRCHK_APP " \
		  "NVM_RW_PRINFO_PRCHK_GUARD NVM_RW_PRINFO_PRACT NVM_WZ_DEAC", word, " ")
	for (i = 1; i <= n; i++)
		upper[word[i]] = 1
	# Ours are masks in the register, the kernel's are values of the field: wire.c has them.
	n = split("NVM_CAP_CSS_NVM NVM_CAP_CSS_CSI NVM_CC_IOSQES NVM_CC_IOCQES " \
		  "NVM_AEN_CFG_DISC_CHANGE " \
		  "NVM_SGL_FMT_BIT_BUCKET_DESC NVM_SGL_FMT_SEG_DESC " \
		  "NVM_SGL_FMT_LAST_SEG_DESC NVM_SGL_FMT_KEYED_DATA_DESC", word, " ")
	for (i = 1; i <= n; i++)
		by_hand[word[i]] = 1
}

FNR == 1 {
	theirs = (NR == 1)
	in_struct = in_enum = in_comment = 0
}

{
	sub(/\r$/, "")
	line = $0
	# comments, of one line and of several
	if (in_comment) {
		if (line !~ /\*\//)
			next
		sub(/.*\*\//, "", line)
		in_comment = 0
	}
	gsub(/\/\*([^*]|\*[^\/])*\*\//, "", line)
	if (line ~ /\/\*/) {
		sub(/\/\*.*/, "", line)
		in_comment = 1
	}
	sub(/\/\/.*/, "", line)
}

line ~ /^struct (nvme|nvm)_[a-z0-9_]+ \{/ {
	split(line, part, " ")
	name = part[2]
	sub(/^nvme?_/, "", name)
	in_struct = 1
	depth = 1
	if (theirs)
		kernel_struct[name] = 1
	else
		our_struct[name] = 1
	next
}

in_struct {
	if (line ~ /^\}/) {
		in_struct = 0
		next
	}
	# one level only: what is inside an inner struct or union is compared by hand
	if (line ~ /\{/)
		depth++
	if (line ~ /\}/) {
		depth--
		next
	}
	if (depth == 1 && line ~ /;/) {
		field = line
		sub(/;.*/, "", field)
		flexible = (field ~ /\[\]/)
		sub(/\[.*/, "", field)
		sub(/.*[ \t*]/, "", field)
		if (field !~ /^(rsvd|resv|reserved|__resv)/) {
			if (theirs)
				kernel_field[name, field] = 1
			else {
				fields[++nr_fields] = name " " field " " flexible
			}
		}
	}
	next
}

line ~ /^enum[ \ta-z_]*\{/ {
	in_enum = 1
	next
}

in_enum && line ~ /^\}/ {
	in_enum = 0
	next
}

in_enum && line ~ /^[ \t]*[A-Za-z_][A-Za-z0-9_]*[ \t]*(=|,|$)/ {
	constant = line
	sub(/^[ \t]*/, "", constant)
	sub(/[^A-Za-z0-9_].*/, "", constant)
	add(constant)
	next
}

line ~ /^#define[ \t]+NVME?_[A-Z0-9_]+[ \t]+[^ \t]/ {
	split(line, part, /[ \t]+/)
	add(part[2])
}

function add(constant)
{
	if (theirs)
		kernel_constant[constant] = 1
	else if (!(constant in seen)) {
		seen[constant] = 1
		constants[++nr_constants] = constant
	}
}

function kernel_name(ours,   t)
{
	t = ours
	sub(/^NVM_/, "NVME_", t)
	if (t in kernel_constant)
		return t
	t = tolower(t)
	if (t in kernel_constant)
		return t
	return ""
}

END {
	for (name in our_struct)
		if (name in kernel_struct) {
			printf "SAME_SIZE(nvm_%s, nvme_%s);\n", name, name
			nr++
		}
	for (i = 1; i <= nr_fields; i++) {
		split(fields[i], part, " ")
		if ((part[1], part[2]) in kernel_field) {
			printf "%s(nvm_%s, %s, nvme_%s, %s);\n", part[3] ? "SAME_START" : "SAME_FIELD",
				part[1], part[2], part[1], part[2]
			nr++
		}
	}
	for (i = 1; i <= nr_constants; i++) {
		theirs_name = kernel_name(constants[i])
		if (theirs_name != "" && !(constants[i] in by_hand)) {
			printf "SAME_VALUE(%s%s, %s);\n", constants[i],
				constants[i] in upper ? " >> 16" : "", theirs_name
			nr++
		}
	}
	printf "/* compared: %d */\n", nr
}
